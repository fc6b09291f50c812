"""Others who saw the log: public witnesses that cosign it."""
