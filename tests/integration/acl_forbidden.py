"""Redis commands that the users of deploy/redis/users.acl must not have, separated by semicolons."""

from __future__ import annotations

#: Nobody: an administrator's commands, and all that finds or reads what one does not know.
TO_ALL = """
    CONFIG GET *; CONFIG SET dir /tmp; FLUSHALL; FLUSHDB; KEYS *; RANDOMKEY; BGREWRITEAOF; SHUTDOWN NOSAVE;
    SAVE; REPLICAOF NO ONE; MONITOR; ACL LIST; ACL SETUSER x on; CLIENT LIST; CLIENT KILL TYPE normal;
    SLOWLOG GET; SCRIPT FLUSH; MODULE LIST; SWAPDB 0 1; SELECT 1; GET other; SET other 1; DUMP articles;
    RESTORE x 0 x; MIGRATE h 1 k 0 1; COPY articles x; SORT articles; XADD s * a b; OBJECT FREQ articles;
    MEMORY USAGE articles; LATENCY RESET; CLUSTER INFO; PSUBSCRIBE *; PUBLISH other x
"""

TO = {
    "producer": """
    SCAN 0; LRANGE articles 0 -1; RPOP articles; BRPOP articles 1; LREM articles 0 x; RPUSH articles x;
    HGETALL depeche:cache:new; HSET depeche:cache:new a b; HGETALL unacked; HDEL unacked x;
    ZADD unacked_index 1 x; GET depeche:janitor; SET depeche:janitor 1; DEL depeche:janitor:fence;
    ZRANGE depeche:dead 0 -1; ZREM depeche:dead x; DEL depeche:dead; ZADD depeche:workers 9 x;
    ZRANGE depeche:waiting:normal 0 -1; ZRANGE depeche:running 0 -1; ZPOPMIN depeche:waiting:normal;
    PSUBSCRIBE celery-task-meta-*; SUBSCRIBE /0.celery.pidbox; INFO clients; PUBLISH /0.celery.pidbox x;
    SMEMBERS _kombu.binding.articles; SREM _kombu.binding.articles x;
    XREAD COUNT 1 STREAMS depeche:events 0; XRANGE depeche:events - +; XREVRANGE depeche:events + -;
    XREADGROUP GROUP g c STREAMS depeche:events >; XGROUP CREATE depeche:events g 0; XTRIM depeche:events MAXLEN 0;
    XDEL depeche:events 1-1; PSUBSCRIBE depeche:ended:*; GET depeche:about:x
""",
    "worker": """
    LRANGE other 0 -1; EVAL return{} 0; SUBSCRIBE other; LTRIM articles 1 0; XREAD COUNT 1 STREAMS depeche:events 0
""",
    "monitor": """
    SCAN 0; LRANGE articles 0 -1; HGETALL unacked; HGETALL depeche:cache:new; ZRANGE depeche:dead 0 -1;
    GET celery-task-meta-x; GET depeche:message:x; HGETALL depeche:job:x; HLEN depeche:job:x; LPUSH articles x;
    DEL articles; EVALSHA x 0; SCRIPT LOAD x; SUBSCRIBE celery-task-meta-x; ZRANGE depeche:waiting:normal 0 -1;
    PUBLISH celery-task-meta-x x; XREAD COUNT 1 STREAMS depeche:events 0; SUBSCRIBE depeche:ended:x;
    GET depeche:about:x
""",
    "operator": """
    SCAN 0; LRANGE articles 0 -1; RPOP articles; HGETALL unacked; HGETALL depeche:cache:new;
    GET depeche:janitor; SUBSCRIBE celery-task-meta-x; INFO; XREAD COUNT 1 STREAMS depeche:events 0;
    XADD depeche:events * a b; XTRIM depeche:events MAXLEN 0; XDEL depeche:events 1-1; HGET depeche:cache:old x
""",
    "notifier": """
    SCAN 0; LRANGE articles 0 -1; HGETALL depeche:job:x; GET celery-task-meta-x; GET depeche:message:x;
    XGROUP DESTROY depeche:events g; XTRIM depeche:events MAXLEN 0; XDEL depeche:events 1-1; DEL depeche:events;
    XADD depeche:events * a b; SUBSCRIBE depeche:ended:x; PUBLISH depeche:ended:x x; EVALSHA x 0; INFO;
    GET depeche:about:x
""",
}

#: What Redis 6.2 cannot refuse: there each command that a user has holds for each key that the user has.
FROM_7 = {
    "producer": """
    DEL articles; EXPIRE articles 0; DEL depeche:waiting:normal; ZADD depeche:running 9 x; SET articles x;
    DEL depeche:job:x; DEL celery-task-meta-x; LPUSH depeche:waiting:normal x; LPUSH depeche:delayed x;
    EXPIRE depeche:delayed 0; HSET depeche:message:x a b; DEL depeche:events; GET depeche:events
""",
    "operator": """
    DEL articles; EXPIRE articles 0; DEL depeche:dead; ZREM depeche:running x; GET celery-task-meta-x;
    DEL depeche:waiting:normal; ZADD depeche:dead 1 x; GET depeche:job:x; ZADD depeche:workers 9 x;
    ZREM depeche:waiting:normal x; ZREM depeche:delayed x; DEL depeche:events; EXPIRE depeche:events 0;
    HGET depeche:cache:new x; HSET depeche:cache:new a b; HLEN depeche:job:x; SET depeche:about:x y
""",
}


def forbidden(user: str, *, redis_7: bool) -> list[list[str]]:
    """Each command that Redis must refuse this user, as words."""
    text = ";".join([TO_ALL, TO[user], FROM_7.get(user, "") if redis_7 else ""])
    return [words for command in text.split(";") if (words := command.split())]
