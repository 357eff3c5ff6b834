import baggingVariance from './bagging-variance.ts';
import batchNoise from './batch-noise.ts';
import batchnormGrid from './batchnorm-grid.ts';
import batchnormStatistics from './batchnorm-statistics.ts';
import bertLayers from './bert-layers.ts';
import boostingResiduals from './boosting-residuals.ts';
import type { Demo } from './demo.ts';
import dropoutRidge from './dropout-ridge.ts';
import equalEpochs from './equal-epochs.ts';
import gradientDescent from './gradient-descent.ts';
import gradientDirection from './gradient-direction.ts';
import gradientNorms from './gradient-norms.ts';
import linearDepth from './linear-depth.ts';
import residualDepth from './residual-depth.ts';
import saturation from './saturation.ts';
import sgdFloor from './sgd-floor.ts';
import trainingPlateau from './training-plateau.ts';

/** Every demo, one line each, in the order of the list; a test compares it with the folder. */
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
];
