"""Makes ONNX models with other people's libraries, beside inputs and what ONNX Runtime answers in Python.

Usage: onnx_models.py FOLDER
FOLDER/models/NAME/model.onnx are the models, FOLDER/cases/NAME.json inputs and answers.
Models of scikit-learn, XGBoost and LightGBM are also compared with their library here.
"""
import base64
import json
import pathlib
import sys
import warnings

import ml_dtypes
import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto as T, helper, numpy_helper

warnings.filterwarnings('ignore')
ROWS, TEST, SEED = 240, 40, 7
NEAR = 1e-5

DATATYPES = {'bool': 'BOOL', 'uint8': 'UINT8', 'uint16': 'UINT16', 'uint32': 'UINT32', 'uint64': 'UINT64', 'int8': 'INT8', 'int16': 'INT16',
             'int32': 'INT32', 'int64': 'INT64', 'float32': 'FP32', 'float64': 'FP64', 'object': 'BYTES'}


def described(name, array):
    """An array as JSON; 16-bit floats as the FP32 that callers see."""
    array = np.asarray(array)
    if array.dtype in (np.dtype('float16'), np.dtype(ml_dtypes.bfloat16)):
        array = array.astype(np.float32)
    if array.dtype.kind in 'OUS':
        return {'name': name, 'datatype': 'BYTES', 'shape': list(array.shape), 'strings': [str(text) for text in array.ravel()]}
    return {'name': name, 'datatype': DATATYPES[str(array.dtype)], 'shape': list(array.shape), 'base64': base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()}


class Cases:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        (self.root / 'cases').mkdir(parents=True, exist_ok=True)
        self.names = []

    def add(self, name, model, feeds, library='onnx', excluded=0, check=None, v1=None, reference=None):
        """Writes a model and its case; `check` compares its answers with those of the library that made it, `reference` is asked in its place."""
        content = model.SerializeToString()
        folder = self.root / 'models' / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / 'model.onnx').write_bytes(content)
        answers = run(content if reference is None else reference.SerializeToString(), feeds)
        if check is not None:
            check(answers)
        outputs = [described(key, value) for key, value in answers.items()]
        case = {'name': name, 'library': library, 'excluded': excluded, 'v1': v1, 'inputs': [described(key, value) for key, value in feeds.items()], 'outputs': outputs}
        (self.root / 'cases' / f'{name}.json').write_text(json.dumps(case))
        self.names.append(name)


def run(content, feeds):
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = ort.InferenceSession(content, options, providers=['CPUExecutionProvider'])
    if any(np.asarray(value).dtype == ml_dtypes.bfloat16 for value in feeds.values()):
        values = {key: ort.OrtValue.ortvalue_from_numpy_with_onnx_type(value.view(np.uint16), T.BFLOAT16) if value.dtype == ml_dtypes.bfloat16 else ort.OrtValue.ortvalue_from_numpy(value)
                  for key, value in feeds.items()}
        found = session.run_with_ort_values([output.name for output in session.get_outputs()], values)
        return {output.name: value.numpy() for output, value in zip(session.get_outputs(), found)}
    found = session.run(None, feeds)
    return {output.name: unzipped(value) for output, value in zip(session.get_outputs(), found)}


def unzipped(value):
    """The rows of a ZipMap as one array, as this server gives them."""
    return np.array([list(row.values()) for row in value], dtype=np.float32) if isinstance(value, list) else value


# ---- scikit-learn and friends

def near_threshold(estimator, x):
    """Rows so near to a split that float32 thresholds may take the other side."""
    near = np.zeros(len(x), dtype=bool)
    found = getattr(estimator, 'estimators_', [estimator])
    for tree in np.ravel(found):
        inner = getattr(tree, 'tree_', None)
        if inner is not None:
            for feature, threshold in zip(inner.feature, inner.threshold):
                if feature >= 0:
                    near |= np.abs(x[:, feature] - threshold) < NEAR
    return near


def table(seed, columns=5, classes=3):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(ROWS + TEST, columns)).astype(np.float32)
    y = x[:, 0] - x[:, 1] * x[:, 2] + np.sin(2 * x[:, 3])
    label = np.digitize(y, np.quantile(y, np.linspace(0, 1, classes + 1)[1:-1]))
    return x[:ROWS], x[ROWS:], y[:ROWS].astype(np.float32), label[:ROWS].astype(np.int64)


def close(wanted, found, tolerance=2e-4):
    wanted, found = np.asarray(wanted, dtype=np.float64).ravel(), np.asarray(found, dtype=np.float64).ravel()
    assert wanted.shape == found.shape, (wanted.shape, found.shape)
    worst = np.max(np.abs(wanted - found) / np.maximum(1, np.abs(wanted)))
    assert worst <= tolerance, f'differs by {worst}'


def sklearn_models(cases):
    from skl2onnx import to_onnx
    from sklearn import compose, cluster, decomposition, ensemble, feature_extraction, gaussian_process, linear_model, naive_bayes, neighbors, neural_network, pipeline, preprocessing, svm, tree

    def classifier(name, estimator, names=None, options=None, seed=1, classes=3, v1=None):
        x, test, _, label = table(seed, classes=classes)
        label = label if names is None else np.array(names, dtype=object)[label]
        estimator.fit(x, label)
        far = ~near_threshold(estimator, test)
        test, excluded = test[far], int((~far).sum())
        model = to_onnx(estimator, x[:1], target_opset=17, options=None if options is None else {id(estimator): options})

        def check(answers):
            labels, scores = list(answers.values())
            wanted = estimator.predict(test)
            if hasattr(estimator, 'predict_proba'):
                proba = estimator.predict_proba(test)
                ordered = np.sort(proba, axis=1)
                sure = ordered[:, -1] - ordered[:, -2] > NEAR
                close(proba, scores)
            else:
                sure = np.ones(len(test), dtype=bool)
            assert list(np.asarray(labels)[sure]) == list(wanted[sure]), 'labels differ'
        cases.add(name, model, {'X': test}, 'scikit-learn', excluded, check, v1)

    def regressor(name, estimator, seed=2):
        x, test, y, _ = table(seed)
        estimator.fit(x, y)
        far = ~near_threshold(estimator, test)
        test, excluded = test[far], int((~far).sum())
        cases.add(name, to_onnx(estimator, x[:1], target_opset=17), {'X': test}, 'scikit-learn', excluded, lambda answers: close(estimator.predict(test), next(iter(answers.values()))))

    names = ['setosa', 'versicolor', 'virginica']
    classifier('sk-logistic-zipmap', linear_model.LogisticRegression(max_iter=500))
    classifier('sk-logistic-strings', linear_model.LogisticRegression(max_iter=500), names)
    classifier('sk-logistic-arrays', linear_model.LogisticRegression(max_iter=500), options={'zipmap': False})
    classifier('sk-logistic-binary', linear_model.LogisticRegression(), classes=2)
    classifier('sk-sgd', linear_model.SGDClassifier(loss='log_loss', random_state=SEED), options={'zipmap': False})
    classifier('sk-decision-tree', tree.DecisionTreeClassifier(max_depth=5, random_state=SEED))
    classifier('sk-random-forest', ensemble.RandomForestClassifier(20, max_depth=5, random_state=SEED), names)
    classifier('sk-extra-trees', ensemble.ExtraTreesClassifier(15, max_depth=5, random_state=SEED), options={'zipmap': False})
    classifier('sk-gradient-boosting', ensemble.GradientBoostingClassifier(n_estimators=10, random_state=SEED))
    classifier('sk-neighbours', neighbors.KNeighborsClassifier(5))
    classifier('sk-naive-bayes', naive_bayes.GaussianNB())
    classifier('sk-perceptron', neural_network.MLPClassifier(hidden_layer_sizes=(16,), max_iter=300, random_state=SEED), names, options={'zipmap': False})
    classifier('sk-linear-svc', svm.LinearSVC(random_state=SEED))
    classifier('sk-svc', svm.SVC(kernel='rbf', random_state=SEED))
    regressor('sk-linear', linear_model.LinearRegression())
    regressor('sk-ridge', linear_model.Ridge())
    regressor('sk-svr', svm.SVR())
    regressor('sk-forest-regressor', ensemble.RandomForestRegressor(20, max_depth=5, random_state=SEED))
    regressor('sk-boosting-regressor', ensemble.GradientBoostingRegressor(n_estimators=20, random_state=SEED))
    regressor('sk-perceptron-regressor', neural_network.MLPRegressor(hidden_layer_sizes=(16,), max_iter=500, random_state=SEED))
    regressor('sk-neighbours-regressor', neighbors.KNeighborsRegressor(4))

    x, test, y, _ = table(3)
    scaled = pipeline.make_pipeline(preprocessing.StandardScaler(), decomposition.PCA(3, random_state=SEED)).fit(x)
    cases.add('sk-scaler-pca', to_onnx(scaled, x[:1], target_opset=17), {'X': test}, 'scikit-learn', 0, lambda answers: close(scaled.transform(test), next(iter(answers.values()))))
    means = cluster.KMeans(3, n_init=2, random_state=SEED).fit(x)
    cases.add('sk-kmeans', to_onnx(means, x[:1], target_opset=17), {'X': test}, 'scikit-learn', 0, lambda answers: close(means.predict(test), next(iter(answers.values()))))
    forest = ensemble.IsolationForest(n_estimators=15, random_state=SEED).fit(x)
    cases.add('sk-isolation-forest', to_onnx(forest, x[:1], target_opset={'': 17, 'ai.onnx.ml': 3}), {'X': test}, 'scikit-learn', 0, lambda answers: close(forest.score_samples(test) - forest.offset_, answers['scores'], 1e-3))

    from skl2onnx.common.data_types import FloatTensorType, StringTensorType
    import pandas as pd
    rng = np.random.default_rng(SEED)
    frame = pd.DataFrame({'city': rng.choice(['Oslo', 'Köln', '東京'], ROWS), 'kind': rng.choice(['a', 'b'], ROWS), 'size': rng.normal(size=ROWS).astype(np.float32)})
    columns = compose.ColumnTransformer([('words', preprocessing.OneHotEncoder(handle_unknown='ignore'), ['city', 'kind']), ('numbers', preprocessing.StandardScaler(), ['size'])])
    mixed = pipeline.make_pipeline(columns, linear_model.LogisticRegression()).fit(frame, (frame['size'] + (frame['city'] == 'Oslo') > 0.3).astype(np.int64))
    model = to_onnx(mixed, initial_types=[('city', StringTensorType([None, 1])), ('kind', StringTensorType([None, 1])), ('size', FloatTensorType([None, 1]))], target_opset=17)
    asked = frame.head(20)
    cases.add('sk-columns', model, {'city': asked[['city']].to_numpy(object), 'kind': asked[['kind']].to_numpy(object), 'size': asked[['size']].to_numpy(np.float32)}, 'scikit-learn', 0,
              lambda answers: close(mixed.predict_proba(asked), answers['output_probability']))

    texts = ['good film', 'bad film', 'a very good day', 'very bad', 'good good', 'not good at all', 'bad bad day', 'fine film'] * 4
    words = pipeline.make_pipeline(feature_extraction.text.TfidfVectorizer(lowercase=False), linear_model.LogisticRegression()).fit(texts, [1, 0, 1, 0, 1, 0, 0, 1] * 4)
    model = to_onnx(words, initial_types=[('text', StringTensorType([None, 1]))], target_opset=17)
    asked = np.array([['good day'], ['bad film'], ['unknown words'], ['very good']], dtype=object)
    cases.add('sk-tfidf', model, {'text': asked}, 'scikit-learn', 0, lambda answers: close(words.predict_proba(asked.ravel()), answers['output_probability']))


def boosted_models(cases):
    import lightgbm
    import xgboost
    from onnxmltools import convert_lightgbm, convert_xgboost
    from onnxmltools.convert.common.data_types import FloatTensorType
    x, test, y, label = table(4)
    rng = np.random.default_rng(SEED)
    for part in (x, test):
        part[rng.random(part.shape) < 0.1] = np.nan
    types = [('X', FloatTensorType([None, x.shape[1]]))]
    made = [
        ('xgboost-classifier', 'xgboost', xgboost.XGBClassifier(n_estimators=8, max_depth=4), label, convert_xgboost),
        ('xgboost-regressor', 'xgboost', xgboost.XGBRegressor(n_estimators=8, max_depth=4, base_score=0.5), y, convert_xgboost),
        ('lightgbm-classifier', 'lightgbm', lightgbm.LGBMClassifier(n_estimators=8, verbose=-1), label, convert_lightgbm),
        ('lightgbm-regressor', 'lightgbm', lightgbm.LGBMRegressor(n_estimators=8, verbose=-1), y, convert_lightgbm),
    ]
    for name, library, estimator, target, convert in made:
        estimator.fit(x, target)
        wanted = estimator.predict_proba(test) if hasattr(estimator, 'predict_proba') else estimator.predict(test)
        cases.add(f'onnx-{name}', convert(estimator, initial_types=types, target_opset=15), {'X': test}, library, 0, lambda answers, wanted=wanted: close(wanted, list(answers.values())[-1], 1e-5))


# ---- nets written with onnx's own helper

def net(nodes, inputs, outputs, weights=None, opset=17):
    graph = helper.make_graph(nodes, 'net', inputs, outputs, [numpy_helper.from_array(value, name) for name, value in (weights or {}).items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', opset)], ir_version=9)
    onnx.checker.check_model(model, full_check=True)
    return model


def nets(cases):
    rng = np.random.default_rng(SEED)
    f = lambda *shape: (rng.normal(size=shape) / 4).astype(np.float32)
    info = helper.make_tensor_value_info
    node = helper.make_node
    n = 6

    cases.add('net-perceptron', net([node('Gemm', ['x', 'w', 'b'], ['h']), node('Relu', ['h'], ['r']), node('Gemm', ['r', 'v'], ['l']), node('Softmax', ['l'], ['y'])],
              [info('x', T.FLOAT, ['N', 20])], [info('y', T.FLOAT, ['N', 4])], {'w': f(20, 32), 'b': f(32), 'v': f(32, 4)}), {'x': f(n, 20)})
    cases.add('net-convolution', net([node('Conv', ['x', 'k'], ['c'], kernel_shape=[3, 3], pads=[1, 1, 1, 1]), node('Relu', ['c'], ['r']), node('MaxPool', ['r'], ['p'], kernel_shape=[2, 2], strides=[2, 2]),
                                      node('GlobalAveragePool', ['p'], ['g']), node('Flatten', ['g'], ['l']), node('Gemm', ['l', 'w'], ['y'])],
              [info('x', T.FLOAT, ['N', 3, 16, 16])], [info('y', T.FLOAT, ['N', 10])], {'k': f(8, 3, 3, 3), 'w': f(8, 10)}), {'x': f(n, 3, 16, 16)})
    cases.add('net-lstm', net([node('Transpose', ['x'], ['t'], perm=[1, 0, 2]), node('LSTM', ['t', 'w', 'r'], ['', 'h'], hidden_size=8), node('Squeeze', ['h', 'axes'], ['y'])],
              [info('x', T.FLOAT, ['N', 5, 3])], [info('y', T.FLOAT, ['N', 8])], {'w': f(1, 32, 3), 'r': f(1, 32, 8), 'axes': np.array([0])}), {'x': f(n, 5, 3)})
    cases.add('net-attention', net([node('MatMul', ['x', 'q'], ['a']), node('MatMul', ['x', 'k'], ['b']), node('Transpose', ['b'], ['bt'], perm=[0, 2, 1]), node('MatMul', ['a', 'bt'], ['s']),
                                    node('Softmax', ['s'], ['p'], axis=-1), node('MatMul', ['p', 'x'], ['o']), node('LayerNormalization', ['o', 'g'], ['y'])],
              [info('x', T.FLOAT, ['N', 'L', 8])], [info('y', T.FLOAT, ['N', 'L', 8])], {'q': f(8, 8), 'k': f(8, 8), 'g': np.ones(8, np.float32)}), {'x': f(3, 7, 8)})
    cases.add('net-embedding-and-features', net([node('Gather', ['table', 'ids'], ['e']), node('ReduceMean', ['e'], ['m'], axes=[1], keepdims=0), node('Concat', ['m', 'features'], ['c'], axis=1), node('Gemm', ['c', 'w'], ['score'])],
              [info('ids', T.INT64, ['N', 4]), info('features', T.FLOAT, ['N', 3])], [info('score', T.FLOAT, ['N', 1])], {'table': f(50, 6), 'w': f(9, 1)}),
              {'ids': rng.integers(0, 50, (n, 4)), 'features': f(n, 3)})
    cases.add('net-two-outputs', net([node('Add', ['a', 'b'], ['sum']), node('Greater', ['a', 'b'], ['larger'])],
              [info('a', T.FLOAT, ['N', 3]), info('b', T.FLOAT, ['N', 3])], [info('sum', T.FLOAT, ['N', 3]), info('larger', T.BOOL, ['N', 3])]), {'a': f(n, 3), 'b': f(n, 3)})
    cases.add('net-three-inputs', net([node('Where', ['flag', 'a', 'b'], ['y'])],
              [info('flag', T.BOOL, ['N', 2]), info('a', T.INT32, ['N', 2]), info('b', T.INT32, ['N', 2])], [info('y', T.INT32, ['N', 2])]),
              {'flag': rng.random((n, 2)) > 0.5, 'a': rng.integers(-9, 9, (n, 2), dtype=np.int32), 'b': rng.integers(-(2 ** 31), 2 ** 31 - 1, (n, 2), dtype=np.int32)})
    half = f(6, 4).astype(np.float16)
    cases.add('net-fp16', net([node('MatMul', ['x', 'w'], ['y'])], [info('x', T.FLOAT16, ['N', 6])], [info('y', T.FLOAT16, ['N', 4])], {'w': half}), {'x': f(n, 6).astype(np.float16)})
    # Python has no arrays of BF16 to take an answer in, so there it is cast once more, which is exact
    weights = {'w': f(6, 4)}
    nodes = [node('Cast', ['x'], ['c'], to=T.FLOAT), node('MatMul', ['c', 'w'], ['m']), node('Cast', ['m'], ['y'], to=T.BFLOAT16)]
    answered = [*nodes[:2], node('Cast', ['m'], ['h'], to=T.BFLOAT16), node('Cast', ['h'], ['y'], to=T.FLOAT)]
    given = [info('x', T.BFLOAT16, ['N', 6])]
    cases.add('net-bf16', net(nodes, given, [info('y', T.BFLOAT16, ['N', 4])], weights), {'x': f(n, 6).astype(ml_dtypes.bfloat16)},
              reference=net(answered, given, [info('y', T.FLOAT, ['N', 4])], weights))
    cases.add('net-fp64', net([node('MatMul', ['x', 'w'], ['m']), node('Exp', ['m'], ['y'])], [info('x', T.DOUBLE, ['N', 6])], [info('y', T.DOUBLE, ['N', 4])], {'w': f(6, 4).astype(np.float64)}), {'x': rng.normal(size=(n, 6))})
    cases.add('net-image-uint8', net([node('Cast', ['x'], ['c'], to=T.FLOAT), node('Div', ['c', 'd'], ['s']), node('ReduceMean', ['s'], ['y'], axes=[2, 3], keepdims=0)],
              [info('x', T.UINT8, ['N', 3, 8, 8])], [info('y', T.FLOAT, ['N', 3])], {'d': np.array(255, np.float32)}), {'x': rng.integers(0, 256, (n, 3, 8, 8), dtype=np.uint8)})
    cases.add('net-top-k', net([node('TopK', ['x', 'k'], ['values', 'indices'])], [info('x', T.FLOAT, ['N', 10])], [info('values', T.FLOAT, ['N', 3]), info('indices', T.INT64, ['N', 3])], {'k': np.array([3])}), {'x': f(n, 10)})
    cases.add('net-int64', net([node('Mul', ['x', 'two'], ['y'])], [info('x', T.INT64, ['N', 2])], [info('y', T.INT64, ['N', 2])], {'two': np.array(2)}), {'x': rng.integers(-(2 ** 61), 2 ** 61, (n, 2))})
    cases.add('net-strings', net([node('StringConcat', ['x', 'end'], ['y'])], [info('x', T.STRING, ['N', 2])], [info('y', T.STRING, ['N', 2])], {'end': np.array('!', dtype=object)}, opset=20),
              {'x': np.array([['good', 'süß'], ['', '東京']], dtype=object)})
    cases.add('net-quantised', net([node('QuantizeLinear', ['x', 's', 'z'], ['q']), node('MatMulInteger', ['q', 'w', 'z'], ['y'])], [info('x', T.FLOAT, ['N', 6])], [info('y', T.INT32, ['N', 4])],
              {'s': np.array(0.02, np.float32), 'z': np.array(128, np.uint8), 'w': rng.integers(-20, 20, (6, 4), dtype=np.int8)}), {'x': f(n, 6)})
    cases.add('net-free-length', net([node('ReduceSum', ['x', 'axes'], ['y'], keepdims=0)], [info('x', T.FLOAT, ['N', 'L'])], [info('y', T.FLOAT, ['N'])], {'axes': np.array([1])}), {'x': f(n, 11)})
    cases.add('net-small-integers', net([node('Cast', ['a'], ['y'], to=T.INT16), node('Cast', ['b'], ['z'], to=T.UINT16)], [info('a', T.INT8, ['N', 2]), info('b', T.UINT32, ['N', 2])],
              [info('y', T.INT16, ['N', 2]), info('z', T.UINT16, ['N', 2])]), {'a': rng.integers(-128, 128, (n, 2), dtype=np.int8), 'b': rng.integers(0, 2 ** 16, (n, 2), dtype=np.uint32)})
    cases.add('net-loop', net([node('Loop', ['three', '', 'x'], ['y'], body=helper.make_graph(
        [node('Identity', ['go'], ['on']), node('Add', ['state', 'state'], ['next'])], 'body',
        [info('i', T.INT64, []), info('go', T.BOOL, []), info('state', T.FLOAT, ['N', 2])], [info('on', T.BOOL, []), info('next', T.FLOAT, ['N', 2])]))],
        [info('x', T.FLOAT, ['N', 2])], [info('y', T.FLOAT, ['N', 2])], {'three': np.array(3)}), {'x': f(n, 2)})


if __name__ == '__main__':
    written = Cases(sys.argv[1])
    for make in (sklearn_models, boosted_models, nets):
        make(written)
    print(json.dumps({'onnxruntime': ort.__version__, 'names': written.names}))
