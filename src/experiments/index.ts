import type { Demo } from '../demos/demo.ts';
import emMixture from './classical-models/em-mixture.ts';
import kMeans from './classical-models/k-means.ts';
import pcaSpectrum from './classical-models/pca-spectrum.ts';
import svmMargin from './classical-models/svm-margin.ts';
import rocAuc from './evaluation/roc-auc.ts';
import baggingVariance from './generalization/bagging-variance.ts';
import boostingResiduals from './generalization/boosting-residuals.ts';
import dropoutRidge from './generalization/dropout-ridge.ts';
import gradientNorms from './gradient-flow/gradient-norms.ts';
import linearDepth from './gradient-flow/linear-depth.ts';
import residualDepth from './gradient-flow/residual-depth.ts';
import saturation from './gradient-flow/saturation.ts';
import trainingPlateau from './gradient-flow/training-plateau.ts';
import bertLayers from './language-models/bert-layers.ts';
import temperature from './language-models/temperature.ts';
import batchnormGrid from './normalization/batchnorm-grid.ts';
import batchnormStatistics from './normalization/batchnorm-statistics.ts';
import batchNoise from './optimization/batch-noise.ts';
import equalEpochs from './optimization/equal-epochs.ts';
import gradientDescent from './optimization/gradient-descent.ts';
import gradientDirection from './optimization/gradient-direction.ts';
import sgdFloor from './optimization/sgd-floor.ts';
import rnnMemory from './sequences/rnn-memory.ts';
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
];
