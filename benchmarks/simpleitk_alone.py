"""SimpleITK on a CT series in a process of its own: read, threshold at 130 HU, connected parts, their size and peak."""

import sys

import SimpleITK as sitk


def main() -> None:
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(sys.argv[1]))
    image = reader.Execute()
    parts = sitk.ConnectedComponent(image >= 130)
    peaks = sitk.LabelIntensityStatisticsImageFilter()
    peaks.Execute(parts, image)
    print(peaks.GetNumberOfLabels())


if __name__ == "__main__":
    main()
