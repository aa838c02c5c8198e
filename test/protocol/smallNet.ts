/**
 * The model of the tests of budgets.
 */

/** Net has 8·4 + 4 + 4·2 + 2 = 46 parameters and 40 MACs. */
export const NET = `from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Linear(8, 4)
        self.head = nn.Linear(4, 2)

    def forward(self, x):
        return self.head(self.body(x))
`;
