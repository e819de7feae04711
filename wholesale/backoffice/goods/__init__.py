"""Products, categories and pictures as our staff keep them."""
