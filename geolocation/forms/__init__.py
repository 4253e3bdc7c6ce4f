"""Forms: what people type, field by field, before a service takes it."""
