"""SimpleITK on a CT series in a process of its own: read, threshold at 130 HU, connected parts, their size and peak."""

import sys

import SimpleITK


def main() -> None:
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(sys.argv[1]))
    image = reader.Execute()
    parts = SimpleITK.ConnectedComponent(image >= 130)
    peaks = SimpleITK.LabelIntensityStatisticsImageFilter()
    peaks.Execute(parts, image)
    print(peaks.GetNumberOfLabels())


if __name__ == "__main__":
    main()
