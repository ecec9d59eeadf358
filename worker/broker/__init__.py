"""What is between kombu and us: how messages are taken off the queue, inspected, held and acknowledged."""
