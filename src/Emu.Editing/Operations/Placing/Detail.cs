using Emu.Editing.Plans;
using Emu.Media.Pictures;

namespace Emu.Editing.Operations.Placing;

/// <summary>How much is to be seen in a part of a picture: where little is, words and stickers hide least.</summary>
internal static class Detail
{
    // Points looked at along each axis.
    private const int Points = 96;

    /// <summary>The mean difference of green between neighbouring points of a grid, 0 to 2.</summary>
    public static double Of(SourcePicture picture, Box box)
    {
        var row = new float[picture.Width * SourcePicture.Channels];
        var above = new float[Points];
        var sum = 0d;
        for (var j = 0; j < Points; j++)
        {
            picture.ReadRow(Math.Clamp((int)(box.Y + ((j + 0.5) / Points * box.Height)), 0, picture.Height - 1), row);
            var left = 0f;
            for (var i = 0; i < Points; i++)
            {
                var value = row[(Math.Clamp((int)(box.X + ((i + 0.5) / Points * box.Width)), 0, picture.Width - 1) * SourcePicture.Channels) + 1];
                sum += (i > 0 ? Math.Abs(value - left) : 0) + (j > 0 ? Math.Abs(value - above[i]) : 0);
                (left, above[i]) = (value, value);
            }
        }
        return sum / (Points * Points);
    }

    /// <summary>The first of these places that has hardly more detail than any other.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="places">The places, the preferred one first, with the part of the picture that each covers.</param>
    public static Placement Calmest(SourcePicture picture, IReadOnlyList<(Placement Place, Box Box)> places)
    {
        var details = places.Select(place => Of(picture, place.Box)).ToArray();
        var least = details.Min();
        return places[Array.FindIndex(details, detail => detail * 0.6 <= least)].Place;
    }
}
