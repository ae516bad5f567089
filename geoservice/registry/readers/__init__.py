"""Files of every kind -> rows; all of it runs in the confined reader process."""
