// jsii's own runtime starts a second node process and relays every request to it. This one answers
// the requests itself: the program that would run in the second process reads and writes file
// descriptor 3, which here is standard input and output.
"use strict";
const fs = require("fs");
const { readSync, writeSync } = fs;
fs.readSync = (fd, ...rest) => readSync(fd === 3 ? 0 : fd, ...rest);
fs.writeSync = (fd, ...rest) => writeSync(fd === 3 ? 1 : fd, ...rest);
// What constructs print is for people: all of it goes to standard error, in the relay's wrapping, so
// that standard output stays for manifests (`cdk8s synth --stdout`).
for (const stream of ["stdout", "stderr"]) {
  process[stream].write = (data, encoding, callback) => {
    const bytes = Buffer.from(data, typeof encoding === "string" ? encoding : "utf8");
    writeSync(2, JSON.stringify({ stderr: bytes.toString("base64") }) + "\n");
    const done = typeof encoding === "function" ? encoding : callback;
    if (done) done();
    return true;
  };
}
// The program looks here, not in NODE_OPTIONS, whether it may link packages instead of copying them;
// only a linked package keeps the index of its types for the next run.
process.execArgv.push("--preserve-symlinks");
require("./lib/program.js");
