"""What takes long: done beside the request, told as it goes, and stopped when asked."""
