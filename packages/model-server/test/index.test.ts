import * as api from '../src';

test('users import what makes models and calls servers, and none of what the server needs for itself', () => {
  expect(Object.keys(api).sort()).toEqual([
    'InferRequest', 'InferResponse', 'InferTensor', 'InferenceError', 'InvalidInput', 'ModelNotReady', 'NotFound', 'PredictorClient', 'ServerError',
    'TooManyRequests', 'Unsupported', 'createTestServer', 'defineModel',
  ]);
});
