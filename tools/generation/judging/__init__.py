"""One string becomes what is known of it, in a process that can be stopped."""
