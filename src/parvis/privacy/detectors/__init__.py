"""One kind of personal or secret datum a file: a module constant of type `Detector`."""
