"""HTML, text, forms and the obstacles any site may put up. First to read: `html`."""
