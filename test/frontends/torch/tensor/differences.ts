/**
 * Where we answer on purpose otherwise than PyTorch does, with the reason.
 */

interface Difference {
  /** "2x3 float32, 120 MACs" */
  readonly ours: string;
  readonly because: string;
}

const PRODUCTS = 'FlopCounterMode has no formula for mv, dot, addbmm and bilinear; they are products all the same';
const DEFORMABLE = 'FlopCounterMode has no formula for deformable convolution, which multiplies as a convolution does';
const UNCOUNTED = 'the work of a decomposition depends on its method: unknown rather than zero';
const INFERENCE = 'we follow inference: gradients are off';

export const DIFFERENCES: ReadonlyMap<string, Difference> = new Map<string, Difference>([
  ['torch.matmul(x, v)', { ours: '2x3 float32, 24 MACs', because: PRODUCTS }],
  ['torch.matmul(v, v)', { ours: 'scalar float32, 4 MACs', because: PRODUCTS }],
  ['torch.mv(m, v)', { ours: '3 float32, 12 MACs', because: PRODUCTS }],
  ['torch.dot(v, v)', { ours: 'scalar float32, 4 MACs', because: PRODUCTS }],
  ['v.dot(v)', { ours: 'scalar float32, 4 MACs', because: PRODUCTS }],
  ['torch.vdot(v, v)', { ours: 'scalar float32, 4 MACs', because: PRODUCTS }],
  ['torch.addbmm(torch.zeros(3, 3), x, x.mT)', { ours: '3x3 float32, 72 MACs', because: PRODUCTS }],
  ['torch.addmv(v[:3], m, v)', { ours: '3 float32, 12 MACs', because: PRODUCTS }],
  ['torch.linalg.inv(torch.eye(3))', { ours: '3x3 float32, ? MACs', because: UNCOUNTED }],
  ['torch.inverse(torch.eye(3))', { ours: '3x3 float32, ? MACs', because: UNCOUNTED }],
  ['torch.linalg.det(torch.eye(3))', { ours: 'scalar float32, ? MACs', because: UNCOUNTED }],
  [
    'torch.linalg.svd(torch.zeros(3, 4), full_matrices=False)',
    { ours: '(3x3 float32, 3 float32, 3x4 float32), ? MACs', because: UNCOUNTED },
  ],
  ['torch.linalg.qr(torch.zeros(4, 3))', { ours: '(4x3 float32, 3x3 float32), ? MACs', because: UNCOUNTED }],
  ['torch.linalg.eigh(torch.eye(3))', { ours: '(3 float32, 3x3 float32), ? MACs', because: UNCOUNTED }],
  ['torch.linalg.solve(torch.eye(3), torch.zeros(3, 2))', { ours: '3x2 float32, ? MACs', because: UNCOUNTED }],
  ['torch.linalg.cholesky(torch.eye(3))', { ours: '3x3 float32, ? MACs', because: UNCOUNTED }],
  ['torch.is_grad_enabled()', { ours: 'False, 0 MACs', because: INFERENCE }],
  ['F.linear(v, torch.zeros(4))', { ours: 'scalar float32, 4 MACs', because: PRODUCTS }],
  [
    'F.bilinear(torch.zeros(2, 3), torch.zeros(2, 4), torch.zeros(5, 3, 4))',
    { ours: '2x5 float32, 160 MACs', because: PRODUCTS },
  ],
  [
    'torch.ops.torchvision.deform_conv2d(img, torch.zeros(5, 3, 3, 3), torch.zeros(2, 18, 6, 6), torch.zeros(2, 9, 6, 6), torch.zeros(5), 1, 1, 0, 0, 1, 1, 1, 1, True)',
    { ours: '2x5x6x6 float32, 9720 MACs', because: DEFORMABLE },
  ],
  [
    'torch.ops.torchvision.ps_roi_align(torch.zeros(1, 12, 8, 8), torch.zeros(5, 5), 1.0, 2, 2, 2)[0]',
    { ours: '5x3x2x2 float32, ? MACs', because: UNCOUNTED },
  ],
]);
