"""Draws contact sheets."""
import numpy as np
from PIL import Image, ImageDraw


def sheet(path, pictures, captions, columns=8, side=160):
    """pictures [n, 3, h, w]."""
    rows = -(-len(pictures) // columns)
    image = Image.new('RGB', (columns * side, rows * (side + 14)), 'white')
    draw = ImageDraw.Draw(image)
    for i, (picture, caption) in enumerate(zip(pictures, captions)):
        x, y = i % columns * side, i // columns * (side + 14)
        image.paste(Image.fromarray((picture.permute(1, 2, 0).numpy() * 255 + .5).astype(np.uint8)).resize((side - 4, side - 4), Image.LANCZOS), (x, y + 14))
        draw.text((x, y), caption[:26].encode('ascii', 'replace').decode(), fill='black')
    image.save(path)
