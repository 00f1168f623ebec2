"""Boards: figures for officials, by place and over time, down to the rows behind them."""
