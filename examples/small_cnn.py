"""A small convolutional network for 32x32 images. Open it in the editor, or run

    layercost analyze examples/small_cnn.py
"""

import torch
from torch import nn


class ConvBlock(nn.Module):
    """Convolution, normalisation, activation; halves the image where asked to."""

    def __init__(self, in_channels, out_channels, downsample=False):
        super().__init__()
        stride = 2 if downsample else 1
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(out_channels)
        self.act = nn.ReLU(inplace=True)

    def forward(self, x):
        return self.act(self.norm(self.conv(x)))


class SmallCNN(nn.Module):
    """Three stages of growing width, then one linear classifier."""

    def __init__(self, num_classes=10, width=32):
        super().__init__()
        self.stem = ConvBlock(3, width)
        self.stages = nn.Sequential(
            ConvBlock(width, width),
            ConvBlock(width, 2 * width, downsample=True),
            ConvBlock(2 * width, 2 * width),
            ConvBlock(2 * width, 4 * width, downsample=True),
        )
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.head = nn.Linear(4 * width, num_classes)

    def forward(self, x):
        x = self.stem(x)
        x = self.stages(x)
        x = self.pool(x).flatten(1)
        return self.head(x)


if __name__ == "__main__":
    net = SmallCNN(num_classes=10)
    print(net(torch.randn(1, 3, 32, 32)).shape)
