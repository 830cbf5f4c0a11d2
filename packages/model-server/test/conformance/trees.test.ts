import { InferRequest } from '../../src/sdk/messages';
import { PredictorClient } from '../../src/sdk/predictor-client';
import { InferTensor } from '../../src/sdk/tensors';
import { folderWith, TestServer } from '../support/server';

/** One tree of one split, as XGBoost writes it: below 0.5 gives 1, else 2, and 0.5 is the base score. */
const XGBOOST = JSON.stringify({
  learner: {
    attributes: {},
    feature_names: [],
    feature_types: [],
    gradient_booster: {
      model: {
        gbtree_model_param: { num_parallel_tree: '1', num_trees: '1' },
        iteration_indptr: [0, 1],
        tree_info: [0],
        trees: [{
          base_weights: [0, 1, 2],
          categories: [],
          categories_nodes: [],
          categories_segments: [],
          categories_sizes: [],
          default_left: [1, 0, 0],
          id: 0,
          left_children: [1, -1, -1],
          loss_changes: [1, 0, 0],
          parents: [2147483647, 0, 0],
          right_children: [2, -1, -1],
          split_conditions: [0.5, 1, 2],
          split_indices: [0, 0, 0],
          split_type: [0, 0, 0],
          sum_hessian: [1, 1, 1],
          tree_param: { num_deleted: '0', num_feature: '2', num_nodes: '3', size_leaf_vector: '1' },
        }],
      },
      name: 'gbtree',
    },
    learner_model_param: { base_score: '5E-1', boost_from_average: '1', num_class: '0', num_feature: '2', num_target: '1' },
    objective: { name: 'reg:squarederror', reg_loss_param: { scale_pos_weight: '1' } },
  },
  version: [2, 0, 3],
});

test('a tree model answers alike in every protocol, also under the name that the server\'s own settings have', async () => {
  const server = await TestServer.start([folderWith({ 'price/model.json': XGBOOST, 'bst/model.bst': XGBOOST })]);
  const v1 = await server.call('/v1/models/price:predict', { body: { instances: [[0.1, 0], [0.9, 0], [null, 0]] } });
  const request = new InferRequest('bst', [new InferTensor('input-0', 'FP32', [2, 2], [0.1, 0, 0.9, 0])]);
  const answers = [];
  for (const [protocol, port] of [['v2', server.httpPort], ['grpc-v2', server.grpcPort]] as const) {
    const client = new PredictorClient({ host: `127.0.0.1:${port}`, protocol });
    answers.push((await client.infer(request)).output('output-0').nested());
    client.close();
  }
  const metadata = await server.call('/v2/models/price');
  await server.stop();

  expect(v1.json).toEqual({ predictions: [1.5, 2.5, 1.5] });
  expect(answers).toEqual([[1.5, 2.5], [1.5, 2.5]]);
  expect(metadata.json).toMatchObject({ platform: 'xgboost', inputs: [{ name: 'input-0', datatype: 'FP32', shape: [-1, 2] }], outputs: [{ name: 'output-0', datatype: 'FP32', shape: [-1] }] });
}, 30_000);
