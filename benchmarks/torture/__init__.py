"""A checker that knows the history: random clients and random faults, and what may have come of them.

    python -m benchmarks.torture --seed 1 --jobs 2000 --faults 50
    python -m benchmarks.torture --schedule build/torture/seed-1/schedule.jsonl --shrink

A schedule is a plain list that is made from a seed: what each client does and which faults befall the processes, and
when. A run carries it out with real producers, workers and a real Redis, and records three histories:

- the clients': what each asked, and what it was told, or that the answer was lost;
- the workers': which attempts ended in which process, and how each process ended;
- Redis' own: its append-only file has every change of every job, in order.

The checker derives from these, and from what is left in Redis at the end, whether every promise was kept. It is pure:
it can be run again on the files of a run (``--check FOLDER``), and ``tests/unit/test_torture_checker.py`` shows that it
finds each kind of fault.

From the top down:

- ``__main__``: the command; ``run``: one run; ``shrink``: cuts a schedule to what it takes to fail;
- ``world``: the processes; ``faults``: what befalls them; ``producer``: what a client does;
- ``checker`` and ``moments``: the rules;
- ``collect``, ``aof`` and ``mail``: what is read from journals, from Redis and from its append-only file;
- ``history``: what is recorded; ``schedule`` and ``articles``: what is to be done, and what must come of it.
"""
