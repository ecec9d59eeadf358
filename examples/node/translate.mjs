// Translate a text from Node: npm install, then node translate.mjs "Le maire a parlé mardi."
// The message is that of docs/protocol.md; the end of the job is heard as docs/events.md says.
import { randomUUID } from "node:crypto";
import { createClient } from "redis";

const url = process.env.DEPECHE_REDIS_URL ?? "redis://127.0.0.1:6379/0";
const text = process.argv[2] ?? "Le maire a parlé mardi. Il a promis un pont.";
const client = await createClient({ url }).connect();
const ears = await client.duplicate().connect();

const id = randomUUID();
const message = {
  headers: { task: "depeche.process_article", id },
  body: JSON.stringify([[{ text }], { options: { summary: false } }, {}]),
  "content-type": "application/json",
  "content-encoding": "utf-8",
  properties: {
    correlation_id: id,
    delivery_tag: id,
    delivery_info: { exchange: "", routing_key: "articles" },
  },
};

// Listen first, so that the end cannot come before. Look from time to time as well: Redis keeps no messages for whoever
// was away for a moment.
const ended = new Promise((resolve) => {
  const look = async () => {
    const meta = JSON.parse((await client.get(`celery-task-meta-${id}`)) ?? "null");
    if (meta && ["SUCCESS", "FAILURE", "REVOKED"].includes(meta.status)) resolve(meta);
  };
  const timer = setInterval(look, 2000);
  timer.unref();
  ears.subscribe(`depeche:ended:${id}`, look).then(() => client.lPush("articles", JSON.stringify(message)));
});

const meta = await ended;
if (meta.status === "SUCCESS") {
  console.log(meta.result.text_en);
} else {
  console.error(`the job failed: ${JSON.stringify(meta.result)}`);
  process.exitCode = 1;
}
client.destroy();
ears.destroy();
