// The JavaScript half of lib/constructs/kernel.py: an ApiObject that crosses from Python whole, in
// one request, and one request that brings all objects of an app back.
"use strict";
const { ApiObject, Chart } = require("cdk8s");

// What JavaScript constructs read or run while the app is being built. Python cannot see it, and
// its cache has to know it: a file is one more input, a program makes the result uncacheable.
const touched = { files: new Set(), programs: new Set() };
const fs = require("fs");
for (const name of ["readFileSync", "readFile", "createReadStream", "openSync", "readdirSync"]) {
  const original = fs[name];
  fs[name] = (path, ...rest) => {
    if (typeof path === "string") touched.files.add(require("path").resolve(path));
    return original.call(fs, path, ...rest);
  };
}
const child = require("child_process");
for (const name of ["spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync", "fork"]) {
  const original = child[name];
  child[name] = (program, ...rest) => {
    touched.programs.add(String(program));
    return original.call(child, program, ...rest);
  };
}

class KubeObject extends ApiObject {
  constructor(scope, id, json) {
    super(scope, id, JSON.parse(json));
  }

  // The same steps as cdk8s' App.synth: validate every construct, then render every object.
  static render(app) {
    const all = app.node.findAll();
    const problems = all.flatMap((c) => c.node.validate().map((text) => [c.node.path, text]));
    for (const c of all) {
      if (Chart.isChart(c) && c.toJson !== Chart.prototype.toJson) {
        problems.push([c.node.path, "overrides toJson() of a chart, which yagura does not call"]);
      }
    }
    const objects = problems.length ? [] : all.filter((c) => ApiObject.isApiObject(c))
      .map((c) => [c.node.path, JSON.stringify(c.toJson())]);
    const files = [...touched.files].sort();
    return JSON.stringify({ problems, objects, files, programs: [...touched.programs].sort() });
  }
}
Object.defineProperty(KubeObject, Symbol.for("jsii.rtti"), {
  value: { fqn: "yagura-objects.KubeObject", version: "1.0.0" },
});
exports.KubeObject = KubeObject;
