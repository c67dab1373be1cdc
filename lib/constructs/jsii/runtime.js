// jsii's own runtime starts a second node process and relays every request to it. This one answers
// the requests itself: the program that would run in the second process reads and writes file
// descriptor 3, which here is standard input and output.
"use strict";
const fs = require("fs");
const Module = require("module");
const path = require("path");
const threads = require("worker_threads");
const program = process.argv[2];

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

// Ctrl-C reaches node as well as Python. Python ends, which closes standard input; at its end the
// program removes its temporary folder, and for a signal it would not.
process.on("SIGINT", () => {});

// Python installs jsii's lib/program.js as lib__program.js, and the worker that it starts likewise.
const { Worker } = threads;
const missing = path.join(path.dirname(program), "runtime-index-worker.js");
const installed = path.join(path.dirname(program), "lib__runtime-index-worker.js");
threads.Worker = class extends Worker {
  constructor(file, options) {
    super(file === missing ? installed : file, options);
  }
};

// cdk8s loads a YAML library, half of its own start, for what yagura does itself: it is loaded when
// somebody asks for it.
const load = Module._load;
Module._load = (name, parent, ...rest) => {
  if (name !== "yaml" || !/[/\\]cdk8s[/\\]lib[/\\]yaml\.js$/.test(parent?.filename)) {
    return load(name, parent, ...rest);
  }
  const get = (_, key) => key === "__esModule" || load(name, parent, ...rest)[key];
  return new Proxy({}, { get });
};

require(program);
