"""What every interface shares: sign-in, middleware, errors, transfers, logs, health."""
