"""In the page: what the book reads of scikit-learn, its images."""
