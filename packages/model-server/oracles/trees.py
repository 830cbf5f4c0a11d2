"""Trains tree models and writes them beside their inputs and the library's own predictions.

Usage: trees.py FOLDER [xgboost|lightgbm ...]
Each case is FOLDER/NAME/: the model in one or more formats, case.json, and the
arrays as raw little-endian files that case.json names.
"""
import json
import pathlib
import sys

import numpy as np

ROWS, TEST, SEED = 300, 80, 7


def data(seed, columns=6, missing=0.0, categories=None, dtype=np.float32):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(ROWS + TEST, columns)).astype(dtype)
    # round values make ties with thresholds likely
    x[:, 0] = np.round(x[:, 0] * 4) / 4
    for column, size in (categories or {}).items():
        x[:, column] = rng.integers(0, size, ROWS + TEST)
    signal = x[:, 0] - x[:, 1] * x[:, 2] + np.sin(3 * x[:, 3])
    for column, size in (categories or {}).items():
        signal = signal + rng.normal(size=size)[x[:, column].astype(int)]
    if missing:
        x[rng.random(x.shape) < missing] = np.nan
    return x[:ROWS], x[ROWS:], signal[:ROWS].astype(np.float32), rng


class Writer:
    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.names = []

    def case(self, name, files, inputs, predictions, raw, options=None):
        folder = self.root / name
        folder.mkdir(parents=True, exist_ok=True)
        described = {'name': name, 'files': sorted(files), 'options': options or {}}
        for file, content in files.items():
            (folder / file).write_bytes(content)
        for key, array in (('input', inputs), ('prediction', predictions), ('raw', raw)):
            array = np.ascontiguousarray(array)
            (folder / f'{key}.bin').write_bytes(array.astype(array.dtype.newbyteorder('<')).tobytes())
            described[key] = {'shape': list(array.shape), 'type': str(array.dtype)}
        (folder / 'case.json').write_text(json.dumps(described))
        self.names.append(name)

    def close(self, kind, version):
        (self.root / f'{kind}.json').write_text(json.dumps({'version': version, 'cases': self.names}))


def xgboost_cases(root):
    import xgboost as xgb
    out = Writer(root)
    modern = int(xgb.__version__.split('.')[0]) >= 2

    def run(name, params, x, label, test, rounds=6, options=None, feature_types=None, missing=np.nan, group=None, bounds=None):
        matrix = xgb.DMatrix(x, label, missing=missing, feature_types=feature_types, enable_categorical=feature_types is not None)
        if group is not None:
            matrix.set_group(group)
        if bounds is not None:
            matrix.set_float_info('label_lower_bound', bounds[0])
            matrix.set_float_info('label_upper_bound', bounds[1])
        depth = {} if params.get('booster') == 'gblinear' else {'max_depth': 4}
        booster = xgb.train({**depth, 'seed': SEED, 'nthread': 1, **params}, matrix, rounds)
        queries = xgb.DMatrix(test, missing=missing, feature_types=feature_types, enable_categorical=feature_types is not None)
        files = {'model.json': bytes(booster.save_raw('json')), 'model.ubj': bytes(booster.save_raw('ubj'))}
        out.case(f'xgboost-{name}', files, test, booster.predict(queries), booster.predict(queries, output_margin=True), options)
        return booster

    x, test, y, rng = data(1)
    positive = np.exp(y / 2)
    classes = np.digitize(y, [-0.7, 0.7])
    for objective in ['reg:squarederror', 'reg:pseudohubererror', 'rank:pairwise', 'rank:ndcg']:
        relevance = classes if objective.startswith('rank') else y
        run(objective.replace(':', '-'), {'objective': objective}, x, relevance, test, group=[30] * 10 if objective.startswith('rank') else None)
    run('rank-map', {'objective': 'rank:map'}, x, (y > 0).astype(int), test, group=[30] * 10)
    run('reg-squaredlogerror', {'objective': 'reg:squaredlogerror'}, x, positive, test)
    run('reg-absoluteerror', {'objective': 'reg:absoluteerror', 'tree_method': 'hist'}, x, y, test)
    for objective in ['reg:logistic', 'binary:logistic', 'binary:logitraw', 'binary:hinge']:
        run(objective.replace(':', '-'), {'objective': objective}, x, (y > 0).astype(int), test)
        run(objective.replace(':', '-') + '-base', {'objective': objective, 'base_score': 0.3}, x, (y > 0).astype(int), test)
    for objective in ['count:poisson', 'reg:gamma', 'reg:tweedie', 'survival:cox']:
        run(objective.replace(':', '-'), {'objective': objective}, x, positive, test)
        run(objective.replace(':', '-') + '-base', {'objective': objective, 'base_score': 1.7}, x, positive, test)
    run('survival-aft', {'objective': 'survival:aft'}, x, positive, test, bounds=(positive, positive * 1.5))
    run('multi-softmax', {'objective': 'multi:softmax', 'num_class': 3}, x, classes, test)
    run('multi-softprob', {'objective': 'multi:softprob', 'num_class': 3}, x, classes, test)

    x, test, y, rng = data(2, missing=0.2)
    run('missing', {'objective': 'binary:logistic'}, x, (y > 0).astype(int), test)
    marked = [np.where(np.isnan(part), np.float32(-999.25), part) for part in (x, test)]
    run('missing-marker', {'objective': 'reg:squarederror'}, marked[0], y, marked[1], options={'missing': -999.25}, missing=-999.25)
    run('lossguide', {'objective': 'reg:squarederror', 'tree_method': 'hist', 'grow_policy': 'lossguide', 'max_leaves': 12, 'gamma': 0.5}, x, y, test)
    run('forest', {'objective': 'binary:logistic', 'num_parallel_tree': 4, 'subsample': 0.7, 'colsample_bynode': 0.7}, x, (y > 0).astype(int), test, rounds=2)
    run('dart', {'objective': 'reg:squarederror', 'booster': 'dart', 'rate_drop': 0.4, 'skip_drop': 0.1}, x, y, test, rounds=12)
    run('dart-softprob', {'objective': 'multi:softprob', 'num_class': 3, 'booster': 'dart', 'rate_drop': 0.4, 'normalize_type': 'forest'}, x, np.digitize(y, [-0.7, 0.7]), test, rounds=8)
    run('no-trees', {'objective': 'reg:squarederror', 'base_score': 0.25}, x, y, test, rounds=0)
    run('stumps', {'objective': 'reg:squarederror', 'max_depth': 1, 'gamma': 20}, x, y, test)

    x, test, y, rng = data(3)
    run('gblinear', {'objective': 'reg:squarederror', 'booster': 'gblinear'}, x, y, test)
    run('gblinear-softprob', {'objective': 'multi:softprob', 'num_class': 3, 'booster': 'gblinear', 'updater': 'coord_descent'}, x, np.digitize(y, [-0.7, 0.7]), test)
    several = np.stack([y, x[:, 1], x[:, 4] * 2], axis=1)
    run('multi-output', {'objective': 'reg:squarederror', 'tree_method': 'hist'}, x, several, test)
    run('multi-label', {'objective': 'binary:logistic', 'tree_method': 'hist'}, x, (several > 0).astype(int), test)
    if modern:
        run('vector-leaf', {'objective': 'reg:squarederror', 'tree_method': 'hist', 'multi_strategy': 'multi_output_tree'}, x, several, test)
        run('vector-leaf-softprob', {'objective': 'multi:softprob', 'num_class': 3, 'tree_method': 'hist', 'multi_strategy': 'multi_output_tree'}, x, np.digitize(y, [-0.7, 0.7]), test)
        run('quantiles', {'objective': 'reg:quantileerror', 'quantile_alpha': [0.1, 0.5, 0.9], 'tree_method': 'hist'}, x, y, test)

    x, test, y, rng = data(4, missing=0.1, categories={4: 5, 5: 70})
    types = ['q'] * 4 + ['c'] * 2
    # categories that training has not seen, and fractions
    test[:4, 5] = [69, 90, 3.7, 1000]
    run('categories', {'objective': 'reg:squarederror', 'tree_method': 'hist', 'max_cat_to_onehot': 1}, x, y, test, feature_types=types)
    run('categories-onehot', {'objective': 'binary:logistic', 'tree_method': 'hist', 'max_cat_to_onehot': 100}, x, (y > 0).astype(int), test, feature_types=types)
    if modern:
        import pandas as pd
        frame = pd.DataFrame(x, columns=[f'f{i}' for i in range(6)])
        letters = np.array(list('edcba'))
        frame['f4'] = pd.Categorical.from_codes(np.nan_to_num(x[:, 4], nan=-1).astype(int), letters)
        booster = xgb.train({'objective': 'reg:squarederror', 'seed': SEED, 'nthread': 1}, xgb.DMatrix(frame, y, enable_categorical=True), 5)
        queries = pd.DataFrame(test, columns=frame.columns)
        queries['f4'] = pd.Categorical.from_codes(np.nan_to_num(test[:, 4], nan=-1).astype(int), letters)
        matrix = xgb.DMatrix(queries, enable_categorical=True)
        files = {'model.json': bytes(booster.save_raw('json')), 'model.ubj': bytes(booster.save_raw('ubj'))}
        out.case('xgboost-category-table', files, test, booster.predict(matrix), booster.predict(matrix, output_margin=True))
    out.close('xgboost', xgb.__version__)


def lightgbm_cases(root):
    import lightgbm as lgb
    out = Writer(root)

    def run(name, params, x, label, test, rounds=6, group=None, **dataset):
        train = lgb.Dataset(x, label, group=group, free_raw_data=False, **dataset)
        # before version 4 a function of the user's own was no parameter
        own = {'fobj': params.pop('objective')} if lgb.__version__ < '4' and callable(params.get('objective')) else {}
        booster = lgb.train({'num_leaves': 9, 'min_data_in_leaf': 5, 'seed': SEED, 'num_threads': 1, 'verbose': -1, **params}, train, rounds, **own)
        out.case(f'lightgbm-{name}', {'model.txt': booster.model_to_string().encode()}, test, booster.predict(test), booster.predict(test, raw_score=True))
        return booster

    x, test, y, rng = data(11, dtype=np.float64)
    positive = np.exp(y / 2)
    classes = np.digitize(y, [-0.7, 0.7])
    for objective in ['regression', 'regression_l1', 'huber', 'fair', 'quantile', 'mape']:
        run(objective, {'objective': objective}, x, y, test)
    run('regression-sqrt', {'objective': 'regression', 'reg_sqrt': True}, x, y * 3, test)
    for objective in ['poisson', 'gamma', 'tweedie', 'cross_entropy_lambda']:
        run(objective, {'objective': objective}, x, np.clip(positive, 0, 1) if objective.startswith('cross') else positive, test)
    run('cross-entropy', {'objective': 'cross_entropy'}, x, 1 / (1 + np.exp(-y)), test)
    run('binary', {'objective': 'binary'}, x, (y > 0).astype(int), test)
    run('binary-sigmoid', {'objective': 'binary', 'sigmoid': 0.7}, x, (y > 0).astype(int), test)
    run('multiclass', {'objective': 'multiclass', 'num_class': 3}, x, classes, test)
    run('multiclassova', {'objective': 'multiclassova', 'num_class': 3, 'sigmoid': 1.3}, x, classes, test)
    run('lambdarank', {'objective': 'lambdarank'}, x, classes, test, group=[30] * 10)
    run('rank-xendcg', {'objective': 'rank_xendcg', 'objective_seed': 3}, x, classes, test, group=[30] * 10)
    run('dart', {'objective': 'regression', 'boosting': 'dart', 'drop_rate': 0.5}, x, y, test, rounds=12)
    run('goss', {'objective': 'regression', 'data_sample_strategy': 'goss'}, x, y, test)
    forest = {'boosting': 'rf', 'bagging_freq': 1, 'bagging_fraction': 0.6, 'feature_fraction': 0.8}
    run('forest', {'objective': 'regression', **forest}, x, y, test)
    run('forest-binary', {'objective': 'binary', **forest}, x, (y > 0).astype(int), test)
    run('forest-multiclass', {'objective': 'multiclass', 'num_class': 3, **forest}, x, classes, test)
    run('linear', {'objective': 'regression', 'linear_tree': True}, x, y, test)
    run('no-split', {'objective': 'regression', 'min_gain_to_split': 1e9}, x, y, test)
    run('custom', {'objective': lambda predictions, train: (predictions - train.get_label(), np.ones_like(predictions))}, x, y, test)

    x, test, y, rng = data(12, missing=0.2, dtype=np.float64)
    test[0, :] = 0
    test[1, :] = np.nan
    test[2, :] = 1e-36
    test[3, :] = np.inf
    run('missing-nan', {'objective': 'regression'}, x, y, test)
    run('missing-linear', {'objective': 'regression', 'linear_tree': True}, x, y, test)
    # a split of missing values from all others has an infinite threshold
    run('missing-alone', {'objective': 'regression'}, x, np.isnan(x[:, 0]) * 2.0, test)
    run('missing-none', {'objective': 'regression', 'use_missing': False}, x, y, test)
    zeros = np.where(np.isnan(x), 0, x)
    run('missing-zero', {'objective': 'regression', 'zero_as_missing': True}, zeros, y, test)

    x, test, y, rng = data(13, missing=0.1, categories={4: 5, 5: 70}, dtype=np.float64)
    test[:6, 5] = [69, 90, 3.7, 1000, -0.5, -2]
    categories = {'cat_smooth': 1, 'min_data_per_group': 1}
    run('categories', {'objective': 'regression', **categories}, x, y, test, categorical_feature=[4, 5])
    run('categories-onehot', {'objective': 'binary', 'max_cat_to_onehot': 100, **categories}, x, (y > 0).astype(int), test, categorical_feature=[4, 5])
    import pandas as pd
    frame = pd.DataFrame(x, columns=[f'f{i}' for i in range(6)])
    letters = np.array(list('edcba'))
    frame['f4'] = pd.Categorical.from_codes(np.nan_to_num(x[:, 4], nan=-1).astype(int), letters)
    booster = lgb.train({'objective': 'regression', 'num_threads': 1, 'verbose': -1, 'min_data_per_group': 1}, lgb.Dataset(frame, y), 5)
    queries = pd.DataFrame(test, columns=frame.columns)
    queries['f4'] = pd.Categorical.from_codes(np.nan_to_num(test[:, 4], nan=-1).astype(int), letters)
    out.case('lightgbm-category-table', {'model.txt': booster.model_to_string().encode()}, test, booster.predict(queries), booster.predict(queries, raw_score=True))
    out.close('lightgbm', lgb.__version__)


if __name__ == '__main__':
    for kind in sys.argv[2:] or ['xgboost', 'lightgbm']:
        {'xgboost': xgboost_cases, 'lightgbm': lightgbm_cases}[kind](sys.argv[1])
