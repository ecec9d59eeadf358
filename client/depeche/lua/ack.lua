-- ARGV: delivery tag. A message is done with.
acknowledge(ARGV[1])
