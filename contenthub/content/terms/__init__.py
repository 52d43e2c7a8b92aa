"""What items do when the terms change that they are tagged with."""
