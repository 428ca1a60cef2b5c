"""What whoever runs the machine does by hand."""
