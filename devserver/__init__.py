"""The PostgreSQL and Valkey that `make up` and the tests start when none is configured."""
