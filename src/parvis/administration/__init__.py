"""What whoever runs a city does with it: colleagues invited, the whole saved and brought back."""
