import type { Demo } from '../demos/demo.ts';
import emMixture from './classical-models/em-mixture.ts';
import forestOob from './classical-models/forest-oob.ts';
import kMeans from './classical-models/k-means.ts';
import knnDistances from './classical-models/knn-distances.ts';
import logisticSeparable from './classical-models/logistic-separable.ts';
import pcaSpectrum from './classical-models/pca-spectrum.ts';
import svmMargin from './classical-models/svm-margin.ts';
import treeNoise from './classical-models/tree-noise.ts';
import featureScaling from './evaluation/feature-scaling.ts';
import leakage from './evaluation/leakage.ts';
import rocAuc from './evaluation/roc-auc.ts';
import baggingVariance from './generalization/bagging-variance.ts';
import boostingResiduals from './generalization/boosting-residuals.ts';
import doubleDescent from './generalization/double-descent.ts';
import dropoutRidge from './generalization/dropout-ridge.ts';
import earlyStopping from './generalization/early-stopping.ts';
import ridgeLasso from './generalization/ridge-lasso.ts';
import gradientNorms from './gradient-flow/gradient-norms.ts';
import linearDepth from './gradient-flow/linear-depth.ts';
import residualDepth from './gradient-flow/residual-depth.ts';
import saturation from './gradient-flow/saturation.ts';
import trainingPlateau from './gradient-flow/training-plateau.ts';
import bertLayers from './language-models/bert-layers.ts';
import bpe from './language-models/bpe.ts';
import perplexity from './language-models/perplexity.ts';
import temperature from './language-models/temperature.ts';
import batchnormGrid from './normalization/batchnorm-grid.ts';
import batchnormStatistics from './normalization/batchnorm-statistics.ts';
import batchNoise from './optimization/batch-noise.ts';
import equalEpochs from './optimization/equal-epochs.ts';
import gradientDescent from './optimization/gradient-descent.ts';
import gradientDirection from './optimization/gradient-direction.ts';
import sgdFloor from './optimization/sgd-floor.ts';
import halfPrecision from './precision/half-precision.ts';
import quantization from './precision/quantization.ts';
import beam from './sequences/beam.ts';
import rnnMemory from './sequences/rnn-memory.ts';
import sgnsPmi from './sequences/sgns-pmi.ts';
import klDirections from './statistics/kl-directions.ts';
import mleVariance from './statistics/mle-variance.ts';
import loraRank from './transformers/lora-rank.ts';
import positions from './transformers/positions.ts';
import convShift from './vision/conv-shift.ts';
import receptiveField from './vision/receptive-field.ts';

/** Every experiment, one line each, in the order of the list; a test compares it with the folders. */
export const demos: readonly Demo[] = [
  gradientNorms,
  trainingPlateau,
  linearDepth,
  residualDepth,
  saturation,
  gradientDirection,
  gradientDescent,
  batchNoise,
  sgdFloor,
  equalEpochs,
  batchnormGrid,
  batchnormStatistics,
  baggingVariance,
  dropoutRidge,
  boostingResiduals,
  bertLayers,
  convShift,
  receptiveField,
  rnnMemory,
  positions,
  temperature,
  rocAuc,
  svmMargin,
  kMeans,
  pcaSpectrum,
  emMixture,
  treeNoise,
  forestOob,
  knnDistances,
  logisticSeparable,
  klDirections,
  leakage,
  mleVariance,
  featureScaling,
  earlyStopping,
  bpe,
  perplexity,
  loraRank,
  sgnsPmi,
  quantization,
  halfPrecision,
  ridgeLasso,
  beam,
  doubleDescent,
];
