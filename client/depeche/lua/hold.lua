-- ARGV: delivery tag, kombu's entry. A message taken off its queue is held by whoever renews it.
hold(ARGV[1], ARGV[2])
