"""The public site: what the sealed record says, as pages without script that anybody may read, copy and serve."""
