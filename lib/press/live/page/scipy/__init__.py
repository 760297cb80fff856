"""In the page: what the book's library reads of SciPy, the error function."""
