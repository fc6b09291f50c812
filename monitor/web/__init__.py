"""Self-service over HTTP (`vigie serve`): people subscribe, confirm, change their choices and leave by themselves."""
