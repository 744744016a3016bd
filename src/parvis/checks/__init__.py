"""What is wrong with a table: Table Schema rules and checks of our own, in one scan."""
