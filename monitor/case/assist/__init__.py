"""A person passes the captcha in their own browser, and what the pages said is kept. First to read: `assist`."""
