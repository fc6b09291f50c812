"""From the bytes of an answer to text, forms and obstacles: pure, shared by every platform."""
