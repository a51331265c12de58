"""One command a file: parse the arguments, call one service."""
