"""`./dev bench`: yardsticks and Weir measured in one run. README.md of the folder says what is where."""
