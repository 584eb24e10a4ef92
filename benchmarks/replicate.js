// Replicates the documents of a JSON Lines file between two PouchDB databases (LevelDB) and prints how long it took.
const fs = require("fs");
const path = require("path");
const PouchDB = require("pouchdb");

(async () => {
  const [file, folder] = process.argv.slice(2);
  const docs = fs.readFileSync(file, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  const source = new PouchDB(path.join(folder, "source"));
  const target = new PouchDB(path.join(folder, "target"));
  for (let at = 0; at < docs.length; at += 1000) await source.bulkDocs(docs.slice(at, at + 1000));
  const start = process.hrtime.bigint();
  await source.replicate.to(target, { batch_size: 1000 });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const { doc_count } = await target.info();
  console.log(JSON.stringify({ seconds, ops: doc_count }));
})();
