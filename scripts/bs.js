"use strict";
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

// scripts/bench-sample.ts
var bench_sample_exports = {};
module.exports = __toCommonJS(bench_sample_exports);
var import_node_crypto = require("node:crypto");
var import_node_fs = require("node:fs");
var import_node_os = require("node:os");
var import_node_path = require("node:path");
var import_cdk8s = require("cdk8s");
var import_cdk8s_plus_28 = require("cdk8s-plus-28");
var import_cdk8s_kserve = require("../lib");
function service(chart, name) {
  new import_cdk8s_kserve.InferenceService(chart, name, {
    labels: { team: "vision", tier: "gold" },
    predictor: import_cdk8s_kserve.Predictor.fromModel({
      format: import_cdk8s_kserve.ModelFormat.SKLEARN,
      source: import_cdk8s_kserve.ModelSource.gcs("gs://acme-models/classifier/v1/"),
      resources: {
        cpu: { request: import_cdk8s_plus_28.Cpu.millis(500), limit: import_cdk8s_plus_28.Cpu.units(1) },
        memory: { request: import_cdk8s.Size.mebibytes(512), limit: import_cdk8s.Size.gibibytes(1) }
      },
      args: ["--workers=1"],
      scaling: import_cdk8s_kserve.Scaling.cpu({ targetUtilization: 70, minReplicas: 1, maxReplicas: 5 }),
      logger: import_cdk8s_kserve.InferenceLogger.all({ url: "http://collector.logging" })
    })
  });
}
function app(outdir) {
  const made = new import_cdk8s.App({ outdir });
  import_cdk8s_kserve.ServingTarget.attach(made, { release: import_cdk8s_kserve.KServeRelease.LATEST, namespace: "models" });
  return made;
}
function manifests(names) {
  const chart = new import_cdk8s.Chart(app(), "template", { namespace: "models" });
  service(chart, "template");
  const [text] = import_cdk8s.Testing.synth(chart).map((manifest) => JSON.stringify(manifest));
  return names.map((name) => JSON.parse(text.replaceAll('"template"', `"${name}"`)));
}
function sample(kind2, objects2, charts2) {
  const names = Array.from({ length: objects2 }, (_, i) => `service-${i}`);
  const bare = kind2 === "bare" ? manifests(names) : [];
  const outdir = (0, import_node_fs.mkdtempSync)((0, import_node_path.join)((0, import_node_os.tmpdir)(), "cdk8s-kserve-bench-"));
  const start = process.cpuUsage();
  const root = app(outdir);
  const made = Array.from({ length: charts2 }, (_, i) => new import_cdk8s.Chart(root, `chart-${i}`, { namespace: "models" }));
  names.forEach((name, i) => {
    const chart = made[i % charts2];
    if (kind2 === "bare") {
      new import_cdk8s.ApiObject(chart, name, bare[i]);
    } else {
      service(chart, name);
    }
  });
  root.synth();
  const { user, system } = process.cpuUsage(start);
  globalThis.gc();
  const heapMegabytes = process.memoryUsage().heapUsed / 2 ** 20;
  const digest = (0, import_node_crypto.createHash)("sha256");
  (0, import_node_fs.readdirSync)(outdir).sort().forEach((file) => digest.update((0, import_node_fs.readFileSync)((0, import_node_path.join)(outdir, file))));
  (0, import_node_fs.rmSync)(root.outdir, { recursive: true });
  return { milliseconds: (user + system) / 1e3, heapMegabytes, digest: digest.digest("hex") };
}
var [kind, objects, charts] = process.argv.slice(2);
console.log(JSON.stringify(sample(kind, Number(objects), Number(charts))));
