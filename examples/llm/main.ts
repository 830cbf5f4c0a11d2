import { App, Chart, Duration, Size } from 'cdk8s';
import { Cpu, Secret } from 'cdk8s-plus-28';
import {
  HuggingFaceCredentials, InferenceService, KServeRelease, ModelFormat, ModelSource, Predictor, Scaling, ServingTarget,
} from 'cdk8s-kserve';

const app = new App();
ServingTarget.attach(app, { release: KServeRelease.V0_20 });

const chart = new Chart(app, 'llm', { namespace: 'llm' });
const token = Secret.fromSecretName(chart, 'HuggingFaceToken', 'hugging-face');

// POST <url>/openai/v1/chat/completions
new InferenceService(chart, 'llama', {
  predictor: Predictor.fromModel({
    format: ModelFormat.HUGGINGFACE,
    source: ModelSource.huggingFace('meta-llama/Llama-3.1-8B-Instruct', {
      revision: '0e9e39f249a16976918f6564b8830bc894c89659',
      credentials: HuggingFaceCredentials.fromSecret(token),
    }),
    args: ['--max_model_len=8192', '--dtype=bfloat16'],
    resources: {
      cpu: { request: Cpu.units(4), limit: Cpu.units(8) },
      memory: { request: Size.gibibytes(24), limit: Size.gibibytes(32) },
      gpu: { count: 1 },
    },
    scaling: Scaling.fixed(1),
    timeout: Duration.minutes(10),
  }),
});

app.synth();
