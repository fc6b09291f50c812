"""The polite web: one pace, one connection, one breaker a host. First to read: `http.visitor`."""
