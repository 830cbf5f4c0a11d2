import * as fc from 'fast-check';
import { judgeUri } from '../../src/model/uri-rules';
import { KServeRelease } from '../../src/release';

const codes = (uri: string, release = KServeRelease.V0_20, ownContainer = (_: string) => false) =>
  judgeUri(uri, { release, ownContainer }).map(({ rule }) => rule.code);
const fixOf = (uri: string) => judgeUri(uri, { release: KServeRelease.V0_20, ownContainer: () => false })[0].violation;

describe('a pinned and well-formed URI has no finding', () => {
  test.each([
    's3://models/fraud/v3/',
    's3://models/2026-01-31/model.joblib',
    's3://Legacy_Bucket/fraud/v3',
    'gs://models/fraud/v3',
    'hdfs://user/models/fraud',
    'webhdfs://user/models/fraud',
    'hf://acme/bert:5b1c2f0',
    'hf://acme/bert-base.v2:v1.0',
    'pvc://models',
    'pvc://models/',
    'pvc://models/fraud/v3',
    'oci://ghcr.io/acme/fraud:3.1.0',
    'oci://registry:5000/acme/fraud:3.1.0',
    'oci://ghcr.io/acme/fraud@sha256:0000000000000000000000000000000000000000000000000000000000000000',
    'oci+native://ghcr.io/acme/fraud:3.1.0',
    'https://acme.blob.core.windows.net/models/fraud/v3',
    'https://acme.file.core.windows.net/models/fraud/v3',
    'https://models.acme.org/fraud/v3/model.joblib',
    'https://models.acme.org/fraud/v3/model.joblib?token=abc',
    'http://models/fraud/v3/model.tar.gz',
    'https://github.com/acme/intents/releases/download/v1.2.0/model.joblib',
    'https://github.com/acme/intents/raw/5b1c2f0/model.joblib',
    'https://github.com/acme/intents/archive/refs/tags/v1.2.0.tar.gz',
    'https://huggingface.co/acme/bert/resolve/5b1c2f0/model.onnx',
    'file:///models/fraud',
  ])('%s', (uri) => {
    expect(codes(uri)).toEqual([]);
  });
});

describe('what has no scheme is a path in the storage initializer', () => {
  test.each(['models/fraud/v3', '/mnt/models/fraud', './fraud', 's3:/models/fraud', 'fraud'])('%s', (uri) => {
    expect(codes(uri)).toEqual(['KSV1201']);
  });

  test('the fix is the whole URI', () => {
    expect(fixOf('./models/fraud/v3').fix).toBe('write the whole URI, such as s3://models/fraud/v3.');
  });
});

describe('a scheme must be known to the release', () => {
  test.each(['registry://fraud/3', 'abfs://container/path', 'ftp://models/fraud'])('%s is not', (uri) => {
    expect(codes(uri)).toEqual(['KSV1202']);
  });

  test('a storage container of the program makes it known', () => {
    expect(codes('registry://fraud/3', KServeRelease.V0_20, (uri) => uri.startsWith('registry://'))).toEqual([]);
  });

  test('native image volumes are known from 0.20', () => {
    const uri = 'oci+native://ghcr.io/acme/fraud:3.1.0';

    expect(KServeRelease.all().map((release) => codes(uri, release))).toEqual([['KSV1202'], ['KSV1202'], ['KSV1202'], ['KSV1202'], []]);
  });

  test.each(['oci+modelcar', 'oci+fetch'])('%s is refused by every release, although the downloader knows it', (scheme) => {
    expect(KServeRelease.all().map((release) => codes(`${scheme}://ghcr.io/acme/fraud:3.1.0`, release)[0])).toEqual(Array(5).fill('KSV1202'));
  });
});

describe('a malformed URI', () => {
  test.each([
    '', 's3://', 's3:///fraud/v3', 'gs://', 'gs://models', 'gs://models/', 'gs:///v3', 's3://models/my model/v3',
    'https://acme.blob.core.windows.net/models', 'https://acme.file.core.windows.net/models',
    'hf://bert', 'hf://acme/bert/model.onnx', 'hf:///bert', 'hf://acme/', 'hf://acme/:main', 'hf://acme/bert:',
    'hdfs://', 'hdfs:///',
    'pvc://', 'pvc://My_Claim/a', 'pvc://claim//a', 'pvc://claim/a/../b',
    'oci://', 'oci://ghcr.io/Acme/Fraud:1', 'oci://ghcr.io/acme/fraud:', 'oci+native://ghcr.io/acme fraud',
    'https://', 'https://models.acme.org', 'http:///model.bst',
  ])('%s', (uri) => {
    expect(codes(uri)).toEqual(['KSV1203']);
  });
});

describe('a mutable reference is a warning with the pinned form', () => {
  test.each([
    ['s3://models', 's3://models/v1/, a folder that is written once'],
    ['s3://models/fraud', 's3://models/fraud/v1/, a folder that is written once'],
    ['s3://models/fraud/latest/', 's3://models/fraud/v1/, a folder that is written once'],
    ['s3://models/v3/latest', 's3://models/v3/v1, a folder that is written once'],
    ['gs://models/fraud/', 'gs://models/fraud/v1/, a folder that is written once'],
    ['https://acme.blob.core.windows.net/models/fraud', 'https://acme.blob.core.windows.net/models/fraud/v1/, a folder that is written once'],
    ['hf://acme/bert', 'hf://acme/bert:<commit>, the commit from the model\'s history'],
    ['hf://acme/bert:main', 'hf://acme/bert:<commit>, the commit from the model\'s history'],
    ['oci://ghcr.io/acme/fraud', 'oci://ghcr.io/acme/fraud@sha256:<digest>'],
    ['oci://registry:5000/fraud', 'oci://registry:5000/fraud@sha256:<digest>'],
    ['oci://ghcr.io/acme/fraud:latest', 'oci://ghcr.io/acme/fraud@sha256:<digest>'],
    ['https://github.com/acme/a/releases/latest/download/model.bst', 'the URL with a version, tag or commit in place of \'latest\''],
    ['https://github.com/acme/a/raw/main/model.bst', 'the URL with a version, tag or commit in place of \'main\''],
    ['https://huggingface.co/acme/bert/resolve/main/model.onnx', 'the URL with a version, tag or commit in place of \'main\''],
    ['https://models.acme.org/latest/model.bst', 'the URL with a version, tag or commit in place of \'latest\''],
    ['https://git.acme.org/ml/fraud.git',
      'an archive of a tag, such as https://github.com/<owner>/<repository>/archive/refs/tags/<tag>.tar.gz'],
  ])('%s', (uri, pinned) => {
    expect(codes(uri)).toEqual(['KSV1204']);
    expect(fixOf(uri).fix).toBe(`pin it: ${pinned}.`);
  });

  test.each(['https://models.acme.org/main/model.bst', 'pvc://models/latest', 'https://github.com/acme/a/raw/5b1c2f0/main'])(
    '%s is none: the word means nothing there', (uri) => {
      expect(codes(uri)).toEqual([]);
    });
});

describe('a URL must name one file', () => {
  test.each(['https://models.acme.org/fraud/v3/', 'https://models.acme.org/', 'https://models.acme.org/v3/?file=model.bst'])('%s names none', (uri) => {
    expect(codes(uri)).toEqual(['KSV1205']);
  });

  test('a compressed file that is no archive gets a name that no server loads', () => {
    expect(codes('https://models.acme.org/v3/model.pkl.gz')).toEqual(['KSV1205']);
    expect(codes('https://models.acme.org/v3/model.tar.gz')).toEqual([]);
  });
});

test.each([
  'https://github.com/acme/a/releases', 'https://github.com/acme/a/releases/latest', 'https://github.com/acme/a/releases/tag/v1.2.0',
  'https://github.com/acme/a/blob/main/model.bst', 'https://github.com/acme/a/tree/main/models',
  'https://gitlab.com/acme/ml/a/-/blob/main/model.bst', 'https://huggingface.co/acme/bert', 'https://huggingface.co/acme/bert/blob/main/model.onnx',
])('%s is a web page', (uri) => {
  expect(codes(uri)).toEqual(['KSV1206']);
});

test.each(['zip', 'tar', 'tgz', 'tar.gz', 'tar.bz2'])('a GitHub release does not serve a .%s as an archive', (extension) => {
  expect(codes(`https://github.com/acme/a/releases/download/v1.2.0/model.${extension}`)).toEqual(['KSV1207']);
});

test('git repositories are cloned from 0.17', () => {
  const uri = 'https://git.acme.org/ml/fraud.git';

  expect(KServeRelease.all().map((release) => codes(uri, release).includes('KSV1208'))).toEqual([true, false, false, false, false]);
});

describe('from 0.17 every URL with .git in it is cloned', () => {
  test.each([
    'https://raw.githubusercontent.com/acme/a/5b1c2f0/model.bst', 'https://acme.gitlab.io/models/v3/model.bst', 'https://models.acme.org/a.git/v3/model.bst',
  ])('%s', (uri) => {
    expect(KServeRelease.all().map((release) => codes(uri, release))).toEqual([[], ['KSV1209'], ['KSV1209'], ['KSV1209'], ['KSV1209']]);
  });
});

describe('for any text', () => {
  test('the rules give a message and a fix that are not empty', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.string().map((path) => `s3://${path}`)), (uri) => {
      for (const { violation } of judgeUri(uri, { release: KServeRelease.V0_20, ownContainer: () => false })) {
        expect(violation.message).toMatch(/\S/);
        expect(violation.fix).toMatch(/\S/);
      }
    }));
  });

  const segment = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/);
  test.each(['s3', 'gs'])('a bucket and a path with a version are right for %s', (scheme) => {
    fc.assert(fc.property(segment, fc.array(segment, { maxLength: 4 }), fc.nat(), (bucket, path, version) => {
      fc.pre(!path.some((name) => /^(main|master|head|latest|develop|dev)$/.test(name)));

      expect(codes([`${scheme}:/`, bucket, ...path, `v${version}`].join('/'))).toEqual([]);
    }));
  });

  test('a URI without :// is always refused', () => {
    fc.assert(fc.property(fc.string({ minLength: 1 }).filter((text) => !text.includes('://')), (uri) => {
      expect(codes(uri)).toContain('KSV1201');
    }));
  });
});

test('every release knows the schemes of all kinds that are not asked about their release', () => {
  const schemes = ['s3://', 'gs://', 'hdfs://', 'webhdfs://', 'hf://', 'https://', 'http://', 'pvc://', 'file://'];

  for (const { _data: { storage: { prefixes } } } of KServeRelease.all()) {
    expect(schemes.filter((scheme) => !prefixes.includes(scheme))).toEqual([]);
  }
});
