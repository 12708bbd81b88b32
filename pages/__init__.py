"""What people see: widgets in, one use case called, its result shown."""
