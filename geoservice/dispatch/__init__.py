"""What can help, and how soon it comes by road."""
