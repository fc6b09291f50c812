"""What is printed: PDF, DOCX, CSV, and a page of them signed. First to read: `document`."""
