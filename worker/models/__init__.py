"""The models: which ones a profile has, how they are made ready, and the engines that run them."""
