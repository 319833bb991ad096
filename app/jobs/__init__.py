"""Questions as durable jobs: they wait, are answered, can be watched and cancelled, and survive a crash."""
