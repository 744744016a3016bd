"""One kind told by its words a file: a module constant of type `Vocabulary`."""
