// Print the licences of every package that went into the bundle; two of them carry none, so theirs is kept here.
const fs = require("fs");
const [here, meta] = process.argv.slice(2);
const files = Object.keys(JSON.parse(fs.readFileSync(meta)).inputs).filter((file) => file.includes("node_modules"));
const packages = [...new Set(files.map((file) => file.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/)[0]))].sort();
for (const folder of packages) {
  const { name, version } = JSON.parse(fs.readFileSync(`${folder}/package.json`));
  const found = fs.readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
  const text = fs.readFileSync(found ? `${folder}/${found}` : `${here}/LICENSE-${name.split("/")[0].slice(1)}.txt`, "utf8");
  console.log(`${"=".repeat(80)}\n${name} ${version}\n\n${text.trim()}\n`);
}
