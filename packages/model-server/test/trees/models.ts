interface TreeParts { readonly [key: string]: unknown }

/** What of an XGBoost file a test may change. */
export interface XgboostParts {
  readonly tree?: TreeParts;
  readonly params?: TreeParts;
  readonly objective?: string;
  readonly booster?: TreeParts;
}

/** One split on feature 0 at 0.5, missing to the left: 1 on the left, 2 on the right. */
export const STUMP: TreeParts = {
  left_children: [1, -1, -1],
  right_children: [2, -1, -1],
  split_indices: [0, 0, 0],
  split_conditions: [0.5, 1, 2],
  default_left: [1, 0, 0],
  split_type: [0, 0, 0],
  tree_param: { num_nodes: '3', size_leaf_vector: '1' },
};

/** An XGBoost model of one tree, as JSON. */
export function xgboostModel(parts: XgboostParts = {}): Uint8Array {
  return Buffer.from(JSON.stringify({
    learner: {
      feature_names: ['a', 'b'],
      gradient_booster: parts.booster ?? { name: 'gbtree', model: { trees: [{ ...STUMP, ...parts.tree }], tree_info: [0] } },
      learner_model_param: { base_score: '0', num_class: '0', num_feature: '2', num_target: '1', ...parts.params },
      objective: { name: parts.objective ?? 'reg:squarederror' },
    },
    version: [2, 1, 0],
  }));
}

/** A LightGBM model of one tree that splits as STUMP does; `lines` replace lines by their key. */
export function lightgbmModel(lines: { readonly [key: string]: string | undefined } = {}): Uint8Array {
  const all: { [key: string]: string | undefined } = {
    version: 'v4',
    num_class: '1',
    num_tree_per_iteration: '1',
    max_feature_idx: '1',
    objective: 'regression',
    feature_names: 'a b',
    feature_infos: '[0:1] [0:1]',
    tree_sizes: undefined,
    Tree: '0',
    num_leaves: '2',
    num_cat: '0',
    split_feature: '0',
    threshold: '0.5',
    decision_type: '10',
    left_child: '-1',
    right_child: '-2',
    leaf_value: '1 2',
    ...lines,
  };
  const text = Object.entries(all).filter(([, value]) => value !== undefined).map(([key, value]) => (value === '' ? key : `${key}=${value}`));
  return Buffer.from(['tree', ...text, '', 'end of trees', '', 'pandas_categorical:null', ''].join('\n'));
}
